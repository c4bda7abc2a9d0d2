#!/usr/bin/env node
require('./run.cjs')('kafka-leader-election.sh')
