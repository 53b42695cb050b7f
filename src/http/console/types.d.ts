// The types of the page: the JSON of the control API, as the OpenAPI document describes it, and the
// state that the views draw. Not served; `tests/console/run` makes api.d.ts from the document.

import type { components, operations } from '../../../tests/console/api';

/** The JSON of a reply with status 200. */
type Ok<Id extends keyof operations> = operations[Id] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

export type Clock = Ok<'getClock'>;
export type Country = Ok<'listCountries'>[number];
export type DueEvent = Ok<'advanceClock'>['fired'][number];
export type Endpoint = NonNullable<JournalEntry['endpoint']>;
export type Exchange = Ok<'getRequest'> & { api_key: string };
export type Fault = Ok<'listFaults'>[number];
export type Finding = Report['findings'][number];
export type JournalEntry = Ok<'listRequests'>[number];
export type Problem = Partial<components['schemas']['Problem']>;
export type Report = Ok<'getReport'>;
export type ScenarioLine = Ok<'listScenarios'>[number];

/** A sandbox, and when the page heard of it, by `performance.now()`. */
export type Sandbox = Ok<'getSandbox'> & { heardAt: number };
export type Rental = Ok<'getRental'> & { api_key: string };
/** A request, and its place among those that this page was told of; 0 for one of the journal. */
export type Request = JournalEntry & { api_key: string; heard: number };
/** What a client did to a rental. */
export type Mark = Pick<JournalEntry, 'endpoint' | 'status' | 'code' | 'fault'> & { at: number };
/** A call of the page's own client; its status is null until the reply comes. */
export type Call = { id: number; line: string; status: number | string | null; text: string };
/** Which request is unfolded, and the list as it was then. */
export type Unfolded = { id: string; held: Request[]; exchange: Exchange | null };
export type Link = 'connecting' | 'live' | 'lost' | 'refused';

/** What the page asks the control API for. */
export type Loaded = {
  sandboxes: Sandbox[];
  sandbox: Sandbox | null;
  countries: Country[];
  faults: Fault[];
  report: Report | null;
  rentals: Rental[];
};
export type PartName = keyof Loaded | 'requests';

export type State = Loaded & {
  link: Link;
  place: { partner: string | null; version: string };
  scenarios: ScenarioLine[];
  key: string | null;
  requests: Request[];
  marks: Record<string, Mark[]>;
  heard: number;
  fence: number;
  rate: number;
  counted: { heard: number; at: number };
  tick: number;
  open: Unfolded | null;
  calls: Call[];
  rental: string | null;
  notice: string | null;
};

type Got<What extends keyof State> = { type: 'got'; what: What; value: State[What] };

export type Action =
  | { [What in keyof State]: Got<What> }[keyof State]
  | { type: 'link'; link: Link }
  | { type: 'choose'; key: string | null }
  | { type: 'resync' }
  | { type: 'events'; entries: Omit<Request, 'heard'>[] }
  | { type: 'requests'; value: Omit<Request, 'heard'>[] }
  | { type: 'open'; open: Unfolded | null }
  | { type: 'called'; call: Call }
  | { type: 'notice'; text: string | null }
  | { type: 'tick'; at: number };

export type Store = {
  readonly state: State;
  dispatch(action: Action): void;
  watch(select: (state: State) => unknown[], show: (state: State) => void): void;
};

export type Sync = {
  need(...names: PartName[]): void;
  choose(key: string | null): void;
};

/** An event of the stream, taken apart. */
export type StreamEvent = { name: string | undefined; data: any };
