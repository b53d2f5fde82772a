namespace ClockifyFunctions.LocalHost.ServiceBus;

internal enum ReceiveMode
{
    PeekLock,
    ReceiveAndDelete,
}
