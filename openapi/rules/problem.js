// Judges one failure response: a problem document that says what, why and how to go on.

export default (response) => {
    const schema = response?.content?.["application/problem+json"]?.schema;
    if (schema === undefined) return [{ message: "failures are application/problem+json" }];
    const properties = Object.keys(schema.properties ?? {});
    return ["status", "title", "detail", "errors"]
        .filter((member) => !properties.includes(member))
        .map((member) => ({ message: `a problem has ${member}` }));
};
