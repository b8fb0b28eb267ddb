DROP TABLE hosting_intents;
