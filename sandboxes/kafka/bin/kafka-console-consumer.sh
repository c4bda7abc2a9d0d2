#!/usr/bin/env node
require('./run.cjs')('kafka-console-consumer.sh')
