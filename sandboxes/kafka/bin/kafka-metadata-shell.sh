#!/usr/bin/env node
require('./run.cjs')('kafka-metadata-shell.sh')
