#!/usr/bin/env node
require('./run.cjs')('kafka-dump-log.sh')
