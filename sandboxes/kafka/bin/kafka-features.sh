#!/usr/bin/env node
require('./run.cjs')('kafka-features.sh')
