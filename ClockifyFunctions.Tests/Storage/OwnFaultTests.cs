using Azure;
using Azure.Identity;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Tests.Storage;

public class OwnFaultTests
{
    public static TheoryData<Exception, bool> Faults => new()
    {
        { new InvalidOperationException("a text where an object was meant"), true },
        { new KeyNotFoundException(), true },
        { new RequestFailedException(503, "storage is unavailable"), false },
        { new AggregateException(), false },
        { new AuthenticationFailedException("no token"), false },
        { new TaskCanceledException(), false },
        { new TypeInitializationException("Some", null), false },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void AnErrorThatAffectsAllRecordsIsNotAnErrorOfOneRecord(Exception fault, bool isOurs) => Assert.Equal(isOurs, OwnFault.Is(fault));
}
