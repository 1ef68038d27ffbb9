/** Loaded before a command: its machine's clock is ahead of the world's, or behind it. */
import { moveSystemClock } from "../../proof/local/system-clock.ts";

moveSystemClock(Number(process.env["TEST_CLOCK_AHEAD_MS"]));
