// Judges one path template: nouns in kebab case, plural before an identifier, no trailing slash.

const VERBS = ["add", "approve", "cancel", "create", "delete", "do", "find", "get", "list", "make", "place", "post",
    "put", "remove", "send", "set", "submit", "update"];
// Path segments that others prescribe: RFC 8615, and the contract's own place.
const PRESCRIBED = new Set([".well-known", "jwks.json", "openapi.json"]);
// English words that are plural without an s, or have no plural.
const PLURAL = /(s|data|attendance)$/;

export default (path) => {
    const found = [];
    const complain = (message) => found.push({ message: `${path}: ${message}` });
    if (path !== "/" && path.endsWith("/")) complain("no trailing slash");
    const segments = path.split("/").slice(1).filter((segment) => segment !== "");
    segments.forEach((segment, position) => {
        const last = position === segments.length - 1;
        if (segment.startsWith("{")) {
            if (!/^\{[a-z][a-zA-Z0-9]*\}$/.test(segment)) complain(`${segment} is no lowerCamelCase parameter`);
            const before = segments[position - 1] ?? "";
            if (!PLURAL.test(before)) complain(`${before} is a collection, so it should be plural`);
        } else if (!PRESCRIBED.has(segment)) {
            if (!(last ? /^_?[a-z0-9]+(-[a-z0-9]+)*$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/).test(segment)) {
                complain(`${segment} is not kebab-case`);
            }
            if (VERBS.includes(segment.split("-")[0])) complain(`${segment} names an action, not a thing`);
        }
    });
    return found;
};
