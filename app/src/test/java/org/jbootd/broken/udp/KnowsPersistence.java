package org.jbootd.broken.udp;

import org.jbootd.broken.persistence.KnowsUdp;

/** Breaks: adapters know no other adapter. */
public record KnowsPersistence(KnowsUdp store, org.jdbi.v3.core.Jdbi jdbi) {}
