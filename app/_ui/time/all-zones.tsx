import classes from "./all-zones.module.css";

/**
 * Writes every time of the page out by all clocks, for readers by keyboard or touch, who cannot point at one. Once a
 * page, so that the times themselves need be no tab stops; by style sheet alone, so without JavaScript too.
 */
export function AllZones({ zone }: { zone: string }) {
  return (
    <label className={classes.label}>
      <input type="checkbox" className={classes.switch} autoComplete="off" />
      Times are in {zone}: show all zones
    </label>
  );
}
