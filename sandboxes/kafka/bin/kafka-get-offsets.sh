#!/usr/bin/env node
require('./run.cjs')('kafka-get-offsets.sh')
