// Judges the properties of one object schema: names and formats of days and moments.

const formatOf = (schema) =>
    schema?.format ?? [...(schema?.oneOf ?? []), ...(schema?.anyOf ?? []), ...(schema?.allOf ?? [])]
        .map(formatOf)
        .find((format) => format !== undefined);

export default (properties) => {
    const found = [];
    for (const [name, schema] of Object.entries(properties)) {
        const format = formatOf(schema);
        const complain = (message) => found.push({ message: `${name}: ${message}` });
        if (format === "time") complain("time of day is time-local, not time");
        if (/Date/.test(name) && format !== "date") complain("has Date in its name, so it is a date");
        if (/At$/.test(name) && format !== "date-time") complain("ends in At, so it is a moment (date-time)");
        if (/(On|effectiveFrom|effectiveTo)$/.test(name) && format !== "date") complain("is a day, so it is a date");
        if (format === "date-time" && !/(At|Since|^since)$/.test(name)) complain("is a moment, so it ends in At or Since");
        for (const example of [schema?.example, ...(schema?.examples ?? [])].filter((given) => given !== undefined)) {
            if (format === "date-time" && example !== null && !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(example)) {
                complain("moments are shown in UTC, with T and Z");
            }
        }
    }
    return found;
};
