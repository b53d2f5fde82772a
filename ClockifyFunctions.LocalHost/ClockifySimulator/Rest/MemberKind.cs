namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>JSON type of a body member.</summary>
internal enum MemberKind
{
    Text,
    Instant,
    Flag,
    Number,
    Decimal,
    List,
    Object,
}
