package org.jbootd.broken.domain.lease;

import org.slf4j.Logger;

/** Breaks: the domain knows only the JDK. */
record KnowsALibrary(Logger logger) {}
