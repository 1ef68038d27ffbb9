/** The bundle's load in a fresh process of the Lambda's Node version: time, memory, bytes. */
import type { BuiltSubject, BuiltSubjects } from "./built-subjects.ts";
import { type Figure, figureOf } from "./figure.ts";
import { runFresh } from "./fresh-process.ts";
import { takeTurns } from "./take-turns.ts";

const AGAINST = {
  emptyHandler: { what: "an empty handler" },
  sdkClients: { what: "the two SDK clients alone, bundled the same way", aim: 1.2 },
  wholeSdkClients: { what: "the same, with the credential providers that Lambda never uses" },
  nodeSample: { what: "Dintero's Node sample, unbundled", aim: 0.85 },
};

export async function measureLoad(subjects: BuiltSubjects, rounds: number): Promise<Figure[]> {
  // The clients are made when the bundle is loaded, and want a Region.
  const environment = { AWS_REGION: "eu-north-1" };
  const load = (subject: BuiltSubject) => async () => ({
    ...(await runFresh({ url: subject.url, environment })),
    kib: subject.bytes / 1024,
  });
  const taken = await takeTurns(
    {
      function: load(subjects.function),
      emptyHandler: load(subjects.emptyHandler),
      sdkClients: load(subjects.sdkClients),
      wholeSdkClients: load(subjects.wholeSdkClients),
      nodeSample: load(subjects.nodeSample),
    },
    rounds,
  );
  const figures = [
    { what: "loading the bundle in a fresh process", unit: "ms", quantity: "loadMs" },
    { what: "memory of the process then (RSS)", unit: "MiB", quantity: "rssMiB" },
    { what: "memory in use on the heap then", unit: "MiB", quantity: "heapMiB" },
    { what: "what is deployed, not compressed", unit: "KiB", quantity: "kib" },
  ] as const;
  return [
    ...figures.map((figure) => figureOf(figure, taken, "function", AGAINST)),
    figureOf(
      { what: "processor time of loading it", unit: "ms", quantity: "loadCpuMs" },
      taken,
      "function",
      { sdkClients: { what: AGAINST.sdkClients.what } },
    ),
  ];
}
