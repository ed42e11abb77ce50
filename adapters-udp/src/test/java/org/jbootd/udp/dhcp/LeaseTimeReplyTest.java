package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.exchange.Answer;
import org.junit.jupiter.api.Test;

/** What a client wishes about its lease time changes nothing (2131-44, 2131-98). */
class LeaseTimeReplyTest {

    private static final ReplyRenderer RENDERER = new ReplyRenderer(TestNetwork.SETTINGS);

    @Test
    void theLeaseTimeIsTheServersWhateverIsWishedFor() {
        for (String wish : List.of("0000012c", "00015180", "ffffffff", "00000000", "ffff")) {
            DhcpPacket request = RequestBuilder.dhcp(1).hex(51, wish).build();
            DhcpPacket offer =
                    RENDERER.render(request, new Answer.Offer(terms())).orElseThrow();
            StrictReply.check(request, offer.encode());
            assertThat(offer.options().get(51).orElseThrow().toHex()).as(wish).isEqualTo("00000258");
        }
    }

    private static Answer.Terms terms() {
        return new Answer.Terms(
                TestNetwork.FIRST, Duration.ofSeconds(600), TestNetwork.LAN, BootPlan.NOTHING, Optional.empty());
    }
}
