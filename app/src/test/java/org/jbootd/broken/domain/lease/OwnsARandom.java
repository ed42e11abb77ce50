package org.jbootd.broken.domain.lease;

import java.util.Random;

/** Breaks: the domain has no thread, socket, file or random of its own. */
record OwnsARandom(Random random) {}
