import("%SCRIPT%").then((page) => page.start(element, props, trigger, watch));
