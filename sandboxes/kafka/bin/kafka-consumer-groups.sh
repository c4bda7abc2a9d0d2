#!/usr/bin/env node
require('./run.cjs')('kafka-consumer-groups.sh')
