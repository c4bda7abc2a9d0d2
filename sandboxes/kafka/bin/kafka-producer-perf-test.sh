#!/usr/bin/env node
require('./run.cjs')('kafka-producer-perf-test.sh')
