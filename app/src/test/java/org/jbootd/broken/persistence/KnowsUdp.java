package org.jbootd.broken.persistence;

import org.jbootd.broken.udp.KnowsPersistence;

/** Breaks: adapters know no other adapter; and a library that is not its own. */
public record KnowsUdp(
        KnowsPersistence udp,
        io.netty.channel.Channel channel,
        okhttp3.OkHttpClient http,
        com.sun.jna.Pointer memory) {}
