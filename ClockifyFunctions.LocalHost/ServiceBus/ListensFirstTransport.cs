using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Delays the first writes after SASL until the client has sent data. AMQPNetLite sends its open frame immediately. If the frame arrives
/// in the same TCP segment as the SASL outcome, the JavaScript client (rhea) does not read it and waits forever.
/// </summary>
internal sealed class ListensFirstTransport(IAsyncTransport inner) : IAsyncTransport
{
    private readonly TaskCompletionSource _clientSpoke = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void SetConnection(Connection connection) => inner.SetConnection(connection);

    public Task SendAsync(IList<ByteBuffer> bufferList, int listSize) =>
        _clientSpoke.Task.IsCompleted ? inner.SendAsync(bufferList, listSize) : SendLaterAsync(bufferList, listSize);

    public Task<int> ReceiveAsync(byte[] buffer, int offset, int count) =>
        _clientSpoke.Task.IsCompleted ? inner.ReceiveAsync(buffer, offset, count) : ReceiveFirstAsync(buffer, offset, count);

    public void Send(ByteBuffer buffer) => inner.Send(buffer);

    public int Receive(byte[] buffer, int offset, int count) => inner.Receive(buffer, offset, count);

    public void Close()
    {
        inner.Close();
        _clientSpoke.TrySetResult();
    }

    private async Task SendLaterAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        await _clientSpoke.Task;
        await inner.SendAsync(bufferList, listSize);
    }

    private async Task<int> ReceiveFirstAsync(byte[] buffer, int offset, int count)
    {
        try
        {
            return await inner.ReceiveAsync(buffer, offset, count);
        }
        finally
        {
            // Also if the client has disconnected: the waiting write must then end with an error.
            _clientSpoke.TrySetResult();
        }
    }
}
