/** What else may have to be looked at once a change is committed. The loops behind it look by themselves too. */
export interface FleetWakes {
  /** A run waits in the queue, or a place has become free. */
  queued(): void;
  /** A machine has to be ended. */
  draining(): void;
  /** A run's results wait to be scored. */
  scoring(): void;
}
