// Shows /openapi.json, and sends real calls. All that a server or a client has sent is shown as text.

const byId = (id) => document.getElementById(id);

const make = (name, text, ...children) => {
  const element = document.createElement(name);
  if (text !== undefined && text !== null) element.textContent = text;
  element.append(...children);
  return element;
};

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

// JSON text on lines of its own, each value as it was sent: a price of 0.00 stays one.
const indented = (text) => {
  let depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  return text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (part, at) => {
    const isEmpty = "}]".includes(text[at + 1]);
    if (part === "{" || part === "[") { depth += 1; return isEmpty ? part : part + line(); }
    if (part === "}" || part === "]") { depth -= 1; return "{[".includes(text[at - 1]) ? part : line() + part; }
    if (part === ",") return part + line();
    return part === ":" ? ": " : part;
  });
};

const fold = (title, ...children) => {
  const details = make("details");
  details.append(make("summary", null, ...title), make("div", null, ...children));
  return details;
};

// What stands between backticks is code.
const prose = (text) => (text || "").split("`").map((part, at) => (at % 2 ? make("code", part) : part));

const paragraphs = (text) =>
  (text || "").split("\n\n").filter(Boolean).map((part) => make("p", null, ...prose(part)));

// The four endpoints in the order of a rental's life, and the others as the document has them.
const LIFE = ["getNumbers", "rentNumber", "getSMS", "cancelNumber"];
const inOrder = (operations) => {
  const rank = ([, , { operationId }]) => (LIFE.includes(operationId) ? LIFE.indexOf(operationId) : LIFE.length);
  return operations.sort((a, b) => rank(a) - rank(b));
};

let book;

const resolved = (value) => {
  const path = value && value.$ref;
  if (!path) return value;
  const found = path.slice(2).split("/").reduce((place, name) => place[name], book);
  return { ...resolved(found), ...Object.fromEntries(Object.entries(value).filter(([n]) => n !== "$ref")) };
};

// A schema in a few lines, which names what it refers to.
const named = (schema) => {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.slice(0, 30).map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.oneOf || schema.anyOf;
  if (choices && !schema.properties) return choices.map(named).join(" | ");
  if (schema.type === "array") return `${named(schema.items || {})}[]`;
  if (schema.properties) return "{ " + Object.keys(schema.properties).join(", ") + " }";
  return [schema.type || "anything"].flat().join(" | ");
};

const fields = (schema) => {
  const plain = resolved(schema);
  const list = make("ul");
  for (const [name, field] of Object.entries(plain.properties || {})) {
    const needed = (plain.required || []).includes(name) ? "" : ", optional";
    const about = resolved(field).description || "";
    list.append(make("li", null, make("code", name), ` ${named(field)}${needed}. `, ...prose(about)));
  }
  return list.children.length ? list : make("p", named(plain));
};

const examples = (content) =>
  Object.entries(content.examples || {}).map(([name, example]) =>
    make("div", null, make("p", `Example: ${name}`), make("pre", pretty(example.value))));

const replies = (operation) =>
  Object.entries(operation.responses).map(([status, reference]) => {
    const reply = resolved(reference);
    const parts = [];
    for (const [name, header] of Object.entries(reply.headers || {})) {
      parts.push(make("p", `Header ${name}: `, ...prose(header.description)));
    }
    for (const [kind, content] of Object.entries(reply.content || {})) {
      parts.push(make("p", `${kind}: ${named(content.schema || {})}`), ...examples(content));
    }
    const codes = (reply.description || "").replace(/^- /gm, "").replaceAll("\n", " · ");
    return fold(prose(`${status} ${codes}`), ...parts);
  });

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// Where a call goes to, and how. The token travels in a header, and the shown line leaves it out.
const call = (method, path, operation, form) => {
  const value = (name) => form.elements[name]?.value ?? "";
  let target = path;
  const query = new URLSearchParams();
  const headers = {};
  for (const parameter of (operation.parameters || []).map(resolved)) {
    const given = value(`${parameter.in}:${parameter.name}`);
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(given));
    if (parameter.in === "query" && given) query.set(parameter.name, given);
    if (parameter.in === "header" && given) headers[parameter.name] = given;
  }
  if (query.size) target += `?${query}`;
  const body = value("body") || undefined;
  if (body !== undefined) headers["Content-Type"] = value("kind");
  const shown = ["curl -i"];
  if (method !== "GET") shown.push(method === "HEAD" ? "-I" : `-X ${method}`);
  for (const [name, text] of Object.entries(headers)) shown.push(`-H ${quoted(`${name}: ${text}`)}`);
  const token = byId("token").value;
  if (operation.security && token) {
    headers.Authorization = `Bearer ${token}`;
    shown.push('-H "Authorization: Bearer $RINGER_ADMIN_TOKEN"');
  }
  if (body !== undefined) shown.push(`-d ${quoted(body)}`);
  shown.push(quoted(location.origin + target));
  return { target, options: { method, headers, body, redirect: "manual", cache: "no-store" }, curl: shown.join(" ") };
};

const MOST = 200_000;

// What came back so far; a stream of events goes on until it is stopped.
const read = async (reply, show) => {
  const reader = reply.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    text = (text + decoder.decode(value, { stream: true })).slice(-MOST);
    show(text);
  }
  return text;
};

const send = async (method, path, operation, form, output, stop) => {
  const { target, options, curl } = call(method, path, operation, form);
  const state = make("p", "Sending …");
  const body = make("pre", "");
  output.replaceChildren(make("h3", "As a command"), make("pre", curl), make("h3", "The reply"), state, body);
  try {
    const reply = await fetch(target, { ...options, signal: stop.signal });
    const headers = [...reply.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    state.textContent = `${reply.status} ${reply.statusText}`;
    state.after(make("pre", headers));
    const text = await read(reply, (soFar) => { body.textContent = soFar; });
    const isJson = /^application\/(problem\+)?json/.test(reply.headers.get("content-type") || "");
    body.textContent = isJson && !text.includes("\n") ? indented(text) : text;
  } catch (error) {
    state.textContent = stop.signal.aborted ? `${state.textContent} (stopped)` : `No reply: ${error.message}`;
  }
};

const input = (name, title, schema, example, needed) => {
  const plain = resolved(schema || {});
  const control = make(plain.enum ? "select" : "input");
  if (plain.enum) {
    const choices = (needed ? [] : [""]).concat(plain.enum);
    control.append(...choices.map((choice) => make("option", choice)));
  }
  control.name = name;
  control.required = Boolean(needed);
  control.value = example ?? "";
  return make("label", title, control);
};

const trial = (method, path, operation) => {
  const form = make("form");
  for (const parameter of (operation.parameters || []).map(resolved)) {
    const isKey = parameter.name === "api_key" || parameter.name === "key";
    const example = isKey ? byId("key").value : parameter.required ? parameter.example : "";
    form.append(input(`${parameter.in}:${parameter.name}`, `${parameter.name} (${parameter.in})`,
      parameter.schema, example, parameter.required));
  }
  const content = resolved(operation.requestBody)?.content;
  if (content) {
    // Forms are for programs; a person writes JSON.
    const json = content["application/json"];
    const [example] = Object.values(json.examples || {});
    const text = { ...(example?.value || {}) };
    if ("api_key" in text) text.api_key = byId("key").value;
    const body = make("textarea");
    body.name = "body";
    body.spellcheck = false;
    body.value = pretty(text);
    const kind = make("input");
    kind.name = "kind";
    kind.value = "application/json";
    form.append(make("label", "Content-Type", kind), make("label", "Body", body));
  }
  const output = make("div");
  output.setAttribute("aria-live", "polite");
  const button = make("button", "Send");
  const end = make("button", "Stop");
  end.type = "button";
  form.append(make("p", null, button, " ", end));
  let stop = new AbortController();
  end.addEventListener("click", () => stop.abort());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    stop.abort();
    stop = new AbortController();
    send(method, path, operation, form, output, stop);
  });
  return make("div", null, make("h3", "Try it"), form, output);
};

const parameters = (operation) =>
  (operation.parameters || []).map(resolved).map((parameter) => {
    const needed = parameter.required ? "" : ", optional";
    const about = parameter.description || resolved(parameter.schema || {}).description || "";
    return make("li", null, make("code", parameter.name), ` in the ${parameter.in}${needed}. `, ...prose(about));
  });

const described = (method, path, operation) => {
  const details = make("details");
  details.id = operation.operationId;
  const head = make("summary", null, make("span", method), make("span", path), ` ${operation.summary}`);
  head.children[0].className = "method";
  head.children[1].className = "path";
  const inside = make("div");
  details.append(head, inside);
  // Filled when it is opened: the page shows at once, however much there is.
  details.addEventListener("toggle", () => {
    if (!details.open || inside.children.length) return;
    inside.append(...paragraphs(operation.description));
    const listed = parameters(operation);
    if (listed.length) inside.append(make("h3", "Parameters"), make("ul", null, ...listed));
    const content = resolved(operation.requestBody)?.content;
    if (content) {
      const [first] = Object.values(content);
      inside.append(make("h3", "Body"), make("p", Object.keys(content).join(", ")), fields(first.schema));
    }
    inside.append(trial(method, path, operation), make("h3", "Replies"), ...replies(operation));
  });
  return details;
};

const show = () => {
  byId("title").textContent = `${book.info.title} ${book.info.version}`;
  byId("about").replaceChildren(...paragraphs(book.info.description));
  const main = byId("operations");
  main.replaceChildren();
  const all = Object.entries(book.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [method.toUpperCase(), path, operation]));
  for (const tag of book.tags) {
    main.append(make("h2", tag.name), ...paragraphs(tag.description));
    const tagged = all.filter(([, , { tags }]) => tags.includes(tag.name));
    main.append(...inOrder(tagged).map((operation) => described(...operation)));
  }
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted instanceof HTMLDetailsElement) wanted.open = true;
};

byId("settings").addEventListener("submit", (event) => event.preventDefault());
byId("find").addEventListener("input", () => {
  const wanted = byId("find").value.toLowerCase();
  for (const details of document.querySelectorAll("main > details")) {
    details.hidden = !details.firstChild.textContent.toLowerCase().includes(wanted);
  }
});

try {
  const reply = await fetch("/openapi.json");
  if (!reply.ok) throw new Error(`${reply.status} ${reply.statusText}`);
  book = await reply.json();
  show();
} catch (error) {
  byId("state").textContent = `/openapi.json could not be read: ${error.message}`;
}
