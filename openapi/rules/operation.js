// Judges one operation as a whole: what it must answer, and which methods mean what.

const CODES = new Set(["200", "201", "202", "204", "304", "400", "401", "403", "404", "405", "406", "408", "409", "412",
    "413", "415", "422", "428", "429", "500", "503", "504"]);

export default (operation, _, { path }) => {
    const method = path[path.length - 1];
    const found = [];
    const complain = (message) => found.push({ message: `${operation.operationId}: ${message}` });
    const responses = operation.responses ?? {};
    const parameters = operation.parameters ?? [];

    for (const code of Object.keys(responses)) {
        if (!CODES.has(code)) complain(`${code} is not one of our status codes`);
    }
    const takesInput = operation.requestBody !== undefined || parameters.some((given) => given.in !== "header");
    if (takesInput && !responses["400"]) complain("takes input, so it can answer 400");
    if (responses["422"] && method !== "post") complain("invalid input is 400; 422 is for a reused Idempotency-Key");
    if (["get", "delete"].includes(method) && operation.requestBody) complain(`${method} takes no body`);
    if (method === "delete" && !responses["204"]) complain("DELETE answers 204");
    if (method === "patch" && !operation.requestBody?.content?.["application/merge-patch+json"]) {
        complain("PATCH takes application/merge-patch+json");
    }
    if (["patch", "delete"].includes(method)) {
        const ifMatch = parameters.find((given) => given.in === "header" && given.name === "If-Match");
        if (!ifMatch?.required) complain("changes what others share, so it requires If-Match");
    }
    if (operation.deprecated) {
        const headers = responses["200"]?.headers ?? {};
        if (!headers.Deprecation || !headers.Sunset) complain("is deprecated, so it answers Deprecation and Sunset");
    }
    return found;
};
