/**
 * A small kubelet: {@link io.podnet.examples.agent.AgentCommand} reads the options, {@link
 * io.podnet.examples.agent.Agent} loops, {@link io.podnet.examples.agent.Fleet} holds the pods. This room joins the
 * others; what should run, what differs and how a process is kept running are decided there.
 */
@NullMarked
package io.podnet.examples.agent;

import org.jspecify.annotations.NullMarked;
