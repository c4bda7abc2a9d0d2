import { simulateCluster, simulatePowerCuts } from './cluster/simulate-cluster.ts';
import { simulateRaft } from './raft/simulate-raft.ts';
import type { Scenario, SimulationOptions, SimulationResult } from './simulation.ts';

/** Simulates one seed of one scenario. */
export function simulate(
  scenario: Scenario,
  options: SimulationOptions,
): Promise<SimulationResult> {
  switch (scenario) {
    case 'raft':
      return simulateRaft(options);
    case 'cluster':
      return simulateCluster(options);
    case 'power':
      return simulatePowerCuts(options);
  }
}
