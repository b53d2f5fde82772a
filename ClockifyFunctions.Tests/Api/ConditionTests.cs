using ClockifyFunctions.Api;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Api;

public class ConditionTests
{
    private static readonly Credential Key = Some.Credential("crm");
    private static readonly GateStatus Free = new(null, null), Refused = new(null, "Clockify does not know this API key (status 401, code 4003)");

    [Fact]
    public void ADestinationWithARefusedKeyShowsReasonAndRemedy()
    {
        var condition = Condition.OfDestination(DestinationState.Active, "crm", Key, Refused);
        Assert.Equal((ConditionKind.Stopped, "Key refused"), (condition.Kind, condition.Text));
        Assert.Equal("Clockify does not know this API key (status 401, code 4003).", condition.Reason);
        Assert.Equal("Replace the key of credential 'crm'. If Clockify accepts this key again, resume the credential. Records wait until then.", condition.Remedy);
        Assert.Equal(condition, Condition.OfCredential(Key, Refused));
    }

    [Fact]
    public void ARefusedKeyIsShownEvenIfTheDestinationIsPaused() =>
        Assert.Equal(ConditionKind.Stopped, Condition.OfDestination(DestinationState.Paused, "crm", Key, Refused).Kind);

    [Theory]
    [InlineData("paused", false, "paused", "Paused")]
    [InlineData("paused", true, "paused", "Paused")]
    [InlineData("active", false, "active", "Active")]
    [InlineData("active", true, "waiting", "API not available")]
    public void WithAWorkingKeyTheConditionDependsOnThePauseAndTheApi(string state, bool isFailing, string kind, string text)
    {
        var condition = Condition.OfDestination(Enum.Parse<DestinationState>(state, ignoreCase: true), "crm", Key, Free, isFailing);
        Assert.Equal((kind, text), (condition.Kind.ToString().ToLowerInvariant(), condition.Text));
    }

    [Fact]
    public void AMissingCredentialIsNamed()
    {
        var condition = Condition.OfDestination(DestinationState.Active, "gone", null, null);
        Assert.Equal((ConditionKind.Stopped, "There is no credential 'gone'."), (condition.Kind, condition.Reason));
    }
}
