using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClockifyFunctions.LocalHost.Commands;

namespace ClockifyFunctions.Tests.LocalHost.Commands;

public class LocalPortsTests
{
    [Fact]
    public void ThePortOptionAppliesToTheWholeStack()
    {
        Assert.Equal(new LocalPorts(7071, 7072, 5672), LocalPorts.From(null));
        Assert.Equal(new LocalPorts(8000, 8001, 8002), LocalPorts.From(8000));
        Assert.Equal(new LocalPorts(0, 0, 0), LocalPorts.From(0));
    }

    [Fact]
    public void EveryUsedPortIsNamedWithItsPurposeAndTheRemedy()
    {
        using TcpListener first = new(IPAddress.Loopback, 0), second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        var (api, bus) = (PortOf(first), PortOf(second));
        var taken = Assert.Throws<InvalidOperationException>(() => new LocalPorts(api, 0, bus).CheckFree());
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"Another program uses port {api} (the HTTP API) and port {bus} (the Service Bus emulator)"), taken.Message, StringComparison.Ordinal);
        Assert.Contains("--port N", taken.Message, StringComparison.Ordinal);
        Assert.Contains("--port N", Assert.Throws<InvalidOperationException>(() => LocalPorts.CheckFree(api)).Message, StringComparison.Ordinal);
        LocalPorts.From(0).CheckFree();
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
