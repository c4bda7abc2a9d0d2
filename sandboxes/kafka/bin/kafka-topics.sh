#!/usr/bin/env node
require('./run.cjs')('kafka-topics.sh')
