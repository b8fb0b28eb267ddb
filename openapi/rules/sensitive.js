// Judges one parameter: nothing personal or secret travels in addresses, where logs would keep it.

const SENSITIVE = /(^|[a-z])(name|email|phone|address|street|birth|bsn|eckid|studentnumber|token|secret|password|key)$/i;

export default (parameter) =>
    ["path", "query"].includes(parameter?.in) && SENSITIVE.test(parameter.name)
        ? [{ message: `${parameter.name} does not belong in an address; search with POST …/_search` }]
        : [];
