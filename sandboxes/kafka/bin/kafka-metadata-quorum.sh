#!/usr/bin/env node
require('./run.cjs')('kafka-metadata-quorum.sh')
