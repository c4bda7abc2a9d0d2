#!/usr/bin/env node
require('./run.cjs')('kafka-configs.sh')
