package org.jbootd.domain.exchange;

import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.ClientMessage;

/**
 * Answers clients. One thread calls it, the one on which all decisions are made; the stages it returns complete on that
 * thread too.
 */
public interface BootService {

    /**
     * Never blocks. A retransmission of a message still being worked on joins it.
     *
     * @return completes exactly once, never exceptionally
     */
    CompletionStage<Answer> answer(ClientMessage message);
}
