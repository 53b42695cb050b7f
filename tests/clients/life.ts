// A client that was generated from the OpenAPI document leads a rental through its life.

import createClient from "openapi-fetch";
import type { components, paths } from "./ringer.js";

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

const KEY = "generated-typescript";
const client = createClient<paths>({ baseUrl: env("RINGER_URL") });
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${env("RINGER_ADMIN_TOKEN")}`);
    return request;
  },
});

const right = <T>(data: T | undefined, error: unknown): T => {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
};

const sandbox = { path: { key: KEY } };
const body = { scenario: "happy-path", clock: { mode: "frozen" } } as const;
const made = await client.PUT("/__admin/sandboxes/{key}", { params: sandbox, body });
if (right(made.data, made.error).scenario !== "happy-path") throw new Error("another scenario");

const query = { api_key: KEY, country: "DE" } as const;
const offer = await client.GET("/getNumbers", { params: { query } });
if (right(offer.data, offer.error).numbers[0]?.available === 0) throw new Error("nothing is on offer");

const rent = await client.POST("/rentNumber", { body: { api_key: KEY, country: "DE" } });
const rented: components["schemas"]["Rented"] = right(rent.data, rent.error);

let messages: components["schemas"]["Sms"][] = [];
for (let polls = 0; polls < 10 && messages.length === 0; polls += 1) {
  const poll = { query: { api_key: KEY, rental_id: rented.rental_id } };
  const received = await client.GET("/getSMS", { params: poll });
  messages = right(received.data, received.error).messages;
  if (messages.length === 0) {
    await client.POST("/__admin/sandboxes/{key}/clock/advance", { params: sandbox, body: { by: "4s" } });
  }
}
if (!messages[0]?.text) throw new Error("no SMS came");

const cancel = { api_key: KEY, rental_id: rented.rental_id };
const done = await client.POST("/cancelNumber", { body: cancel });
if (right(done.data, done.error).refund_amount !== 0) throw new Error("a used number was paid back");

const unknown = { query: { api_key: KEY, rental_id: "rent_1" } };
const refused = await client.GET("/getSMS", { params: unknown });
if (refused.error?.status !== "error" || refused.error.code !== "RENTAL_NOT_FOUND") {
  throw new Error(JSON.stringify(refused));
}

const report = await client.GET("/__admin/sandboxes/{key}/report", { params: sandbox });
const books = right(report.data, report.error);
// In other formats it is a text.
if (typeof books === "string" || books.audit.sold !== 1) throw new Error("the books are wrong");
console.log("the TypeScript client went through the whole life of a rental");
