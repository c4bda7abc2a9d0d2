#!/usr/bin/env node
require('./run.cjs')('kafka-cluster.sh')
