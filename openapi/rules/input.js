// Judges the schema of a parameter or body: what comes in as text is limited in form as well as in length.

const walk = (schema, trail, seen, found) => {
    if (schema === null || typeof schema !== "object" || seen.has(schema)) return;
    seen.add(schema);
    const types = [schema.type].flat();
    if (types.includes("string") && !["format", "pattern", "enum", "const"].some((limit) => limit in schema)) {
        found.push({ message: `text at ${trail || "the top"} has neither format, pattern nor enum` });
    }
    if (types.includes("object") && schema.additionalProperties !== false) {
        found.push({ message: `the object at ${trail || "the top"} admits properties that nobody knows` });
    }
    for (const [name, property] of Object.entries(schema.properties ?? {})) walk(property, `${trail}/${name}`, seen, found);
    for (const form of [schema.oneOf, schema.anyOf, schema.allOf].flat()) walk(form, trail, seen, found);
    walk(schema.items, `${trail}/*`, seen, found);
};

export default (schema) => {
    const found = [];
    walk(schema, "", new Set(), found);
    return found;
};
