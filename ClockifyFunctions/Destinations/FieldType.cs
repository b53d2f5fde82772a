namespace ClockifyFunctions.Destinations;

/// <summary>The types of values that Clockify accepts in a body field. Preflight validation and conversions use them.</summary>
internal enum FieldType
{
    Text,
    Texts,

    /// <summary><c>2026-07-10T05:30:00Z</c>, or with a numeric offset. Clockify refuses times without a zone.</summary>
    DateTime,

    /// <summary><c>2026-07-10</c>.</summary>
    Date,

    /// <summary><c>05:30:00</c>.</summary>
    Time,

    /// <summary>ISO-8601, for example <c>PT1H30M</c>.</summary>
    Duration,

    Boolean,
    Integer,
    Number,

    /// <summary>24 hexadecimal digits.</summary>
    Id,

    Ids,

    /// <summary><c>#RRGGBB</c>.</summary>
    Color,

    Email,
    Emails,
    Url,

    /// <summary>One of <see cref="TemplateField.Values"/>.</summary>
    Choice,

    /// <summary>A list of <see cref="TemplateField.Values"/>.</summary>
    Choices,

    /// <summary>A file, as an object {fileName, contentType, data} with data in Base64.</summary>
    File,

    Object,
    Objects,
    Any,
}
