package org.jbootd.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All of 127.0.0.0/8 is this host's. */
class SourcedSenderTest {

    private static final Ipv4 HOME = Ipv4.parse("127.0.0.1");
    private static final byte[] TEXT = {1, 2, 3};

    private final EventLoops loops = new EventLoops(1);
    private SourcedSender sender;
    private Channel channel;
    private DatagramSocket listener;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(loops.epoll(), "needs Linux");
        sender = SourcedSender.open();
        channel = new Bootstrap()
                .group(loops.decisionLoop())
                .channelFactory(loops.datagramChannels())
                .handler(new ChannelInboundHandlerAdapter())
                .bind(0)
                .syncUninterruptibly()
                .channel();
        listener = new DatagramSocket(0, InetAddress.getByName(HOME.toString()));
        listener.setSoTimeout(10_000);
    }

    @AfterEach
    void close() {
        if (listener != null) {
            listener.close();
            channel.close().syncUninterruptibly();
            sender.close();
        }
        loops.close();
    }

    private void send(String source, byte[] payload) throws IOException {
        int descriptor = ((UnixChannel) channel).fd().intValue();
        sender.send(descriptor, Ipv4.parse(source), HOME, listener.getLocalPort(), payload);
    }

    @Test
    void aDatagramComesFromTheAddressThatIsTold() throws IOException {
        for (String source : new String[] {"127.0.0.5", "127.0.0.1", "127.9.8.7"}) {
            send(source, TEXT);
            DatagramPacket received = new DatagramPacket(new byte[100], 100);
            listener.receive(received);
            assertThat(received.getSocketAddress())
                    .isEqualTo(new InetSocketAddress(source, ((InetSocketAddress) channel.localAddress()).getPort()));
            assertThat(Arrays.copyOf(received.getData(), received.getLength())).isEqualTo(TEXT);
        }
    }

    @Test
    void anAddressOfAnotherHostIsRefused() {
        assertThatThrownBy(() -> send("192.0.2.1", TEXT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    void whatFitsNoFrameIsRefused() throws IOException {
        send("127.0.0.1", new byte[SourcedSender.MAX_DATAGRAM]);
        assertThatThrownBy(() -> send("127.0.0.1", new byte[SourcedSender.MAX_DATAGRAM + 1]))
                .isInstanceOf(IOException.class);
    }

    @Test
    void afterTheEndNothingIsSent() {
        sender.close();
        assertThatThrownBy(() -> send("127.0.0.1", TEXT)).hasMessage("the sender is closed");
    }
}
