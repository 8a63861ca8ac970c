"use strict";
const settings = async () => JSON.parse("<!DOCTYPE html>");
settings();
