"use strict";
setTimeout(() => window.dashboards.restore(), 1000);
