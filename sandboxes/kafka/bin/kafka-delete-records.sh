#!/usr/bin/env node
require('./run.cjs')('kafka-delete-records.sh')
