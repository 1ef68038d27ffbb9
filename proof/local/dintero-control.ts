/** A control address for people: `POST /down` takes the Dintero stand-in down, `POST /up` restores it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { DinteroStandIn } from "./dintero/dintero-stand-in.ts";

export interface DinteroControl {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startDinteroControl(dintero: DinteroStandIn): Promise<DinteroControl> {
  const actions = new Map([
    ["POST /down", () => takeDown(dintero)],
    ["POST /up", () => restore(dintero)],
  ]);
  const server = createServer(({ method, url }, response) => {
    const action = actions.get(`${method} ${url}`);
    response.writeHead(action ? 200 : 404, { "content-type": "text/plain" });
    response.end(`${action ? action() : `Only ${[...actions.keys()].join(" and ")}.`}\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function takeDown(dintero: DinteroStandIn): string {
  restore(dintero);
  dintero.addFault({ effect: { status: 503 } });
  return "Dintero is down: it answers every request with status 503.";
}

function restore(dintero: DinteroStandIn): string {
  dintero.clearFaults();
  return "Dintero is up.";
}
