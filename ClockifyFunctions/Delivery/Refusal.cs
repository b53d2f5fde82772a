namespace ClockifyFunctions.Delivery;

/// <summary>A refusal of a key that is good: it has no right to what a destination wants.</summary>
/// <param name="Code">Clockify's own error code, where the answer has one.</param>
/// <param name="AskedAt">When the API last said whose key it is. A timestamp.</param>
internal sealed record Refusal(int Status, int? Code, long AskedAt)
{
    public bool IsLike(DeliveryResult refused) => refused.Result.Status == Status && refused.Code == Code;
}
