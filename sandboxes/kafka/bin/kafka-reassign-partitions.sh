#!/usr/bin/env node
require('./run.cjs')('kafka-reassign-partitions.sh')
