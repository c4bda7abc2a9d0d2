#!/usr/bin/env node
require('./run.cjs')('kafka-storage.sh')
