#!/usr/bin/env node
require('./run.cjs')('kafka-consumer-perf-test.sh')
