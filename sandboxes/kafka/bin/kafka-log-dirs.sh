#!/usr/bin/env node
require('./run.cjs')('kafka-log-dirs.sh')
