package org.jbootd.udp.dhcp;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/** Answers everything that may be answered, at once and generously: what a renderer may be asked for at most. */
final class AnyAnswers implements BootService {

    private final DhcpSettings settings;

    AnyAnswers(DhcpSettings settings) {
        this.settings = settings;
    }

    @Override
    public CompletionStage<Answer> answer(ClientMessage message) {
        return CompletableFuture.completedFuture(decide(message));
    }

    private Answer decide(ClientMessage message) {
        Subnet subnet = settings.subnetNamed(message.request().subnet()).orElseThrow();
        Optional<String> hostName = message.request().hostName();
        BootPlan plan = message.request().stage().networkBoots()
                ? new BootPlan(
                        Optional.of("boot/" + "x".repeat(message.request().xid() & 0xff)), Optional.of(40_000L))
                : BootPlan.NOTHING;
        if (message instanceof ClientMessage.Discover) {
            return new Answer.Offer(terms(subnet.pool().first(), subnet, plan, hostName));
        }
        if (message instanceof ClientMessage.Select select) {
            return new Answer.Ack(terms(select.address(), subnet, plan, hostName));
        }
        if (message instanceof ClientMessage.Renew renew) {
            return new Answer.Ack(terms(renew.address(), subnet, plan, hostName));
        }
        if (message instanceof ClientMessage.Rebind || message instanceof ClientMessage.Reboot) {
            return new Answer.Nak(Reason.WRONG_ADDRESS, "another address is yours", subnet);
        }
        if (message instanceof ClientMessage.Inform inform) {
            return new Answer.InformAck(inform.address(), subnet, plan, hostName);
        }
        if (message instanceof ClientMessage.Bootp) {
            return new Answer.BootReply(terms(subnet.pool().first(), subnet, plan, hostName));
        }
        return new Answer.Silence(Reason.DONE, "");
    }

    private static Answer.Terms terms(Ipv4 address, Subnet subnet, BootPlan plan, Optional<String> hostName) {
        return new Answer.Terms(address, subnet.leaseTime(), subnet, plan, hostName);
    }
}
